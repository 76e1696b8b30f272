"""The trainer: a decoder in plain torch, read in the order model, loss, data, optimizer, schedule, checkpoint, collective, loop, launch."""
