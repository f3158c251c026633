"""An Azure on loopback: the default target of this project, for a machine without a subscription."""
