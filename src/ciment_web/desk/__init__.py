"""The public desk: a written request filed without an account, its receipt, and the reply that only its code opens."""
