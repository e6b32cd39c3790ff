"""The interview drills, a folder a notebook; ``helpers.interview`` finds them."""
