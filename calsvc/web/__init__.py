"""HTTP: thin views over ``live``; get, ask, answer."""
