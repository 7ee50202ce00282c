"""What people who keep the material do with it: look it up, switch it off."""
