"""What the policy packs share: reading properties, verdicts, rules, profiles and waivers."""
