"""Letters, the pure part (K2, K3): keys, signed QR tokens and PDF pages; no database, no clock."""
