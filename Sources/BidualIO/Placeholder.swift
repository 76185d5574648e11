// placeholder until this floor is built
