// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// libsystemc defines main() and wants sc_main(); szilard and its tests have a main() of their own.
extern "C" int sc_main(int, char*[]) { return 0; }
