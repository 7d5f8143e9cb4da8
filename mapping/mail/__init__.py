"""What a mail means: is it an inquiry, who is the borrower, who referred them, what do they ask for."""
