"""What comes next with an inquiry: the first task, its deadline, cadences, and what is still missing."""
