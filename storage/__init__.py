"""The archive: the only SQL, the migrations, and the originals kept byte-exact."""
