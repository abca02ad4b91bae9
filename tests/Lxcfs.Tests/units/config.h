/* meson makes it for LXCFS; what these programs include needs nothing of it. */
