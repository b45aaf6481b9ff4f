"""Who answers: one provider a protocol, and what they share. No Qt."""
