"""One figure out of a paper's PDF, found by its caption and rendered in a killable process."""
