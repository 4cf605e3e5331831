"""Made-up answers for everything that reads what somebody else wrote."""
