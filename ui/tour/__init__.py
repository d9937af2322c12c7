"""The tour planner page: choose sites, say the rules, see and change the day, take it along."""
