"""Work on the machines of a Ray cluster: checks (`lean`) and generation (`backend`) on `actors`."""
