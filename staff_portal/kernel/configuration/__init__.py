"""What a manager may change by date: numbers of rules, holidays, and the working days counted from them."""
