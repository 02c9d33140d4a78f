"""What is held about me, from every feature: shown to the person it is about, and to nobody else."""
