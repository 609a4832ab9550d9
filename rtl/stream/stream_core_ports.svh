// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Ports of a core behind the stream interface of docs/rtl.md, for the port list of a module that has ROWS, COLUMNS and WORD, the
// bits of a weight and of an activation. A core in step has sums_valid_early beside them.
    input  wire logic                    clock,
    input  wire logic                    reset,
    input  wire logic                    enable,
    input  wire logic                    weight_valid,
    input  wire logic [WORD*COLUMNS-1:0] weight_row,
    output logic                         weight_ready,
    input  wire logic                    vector_valid,
    input  wire logic                    vector_first,
    input  wire logic                    vector_last,
    input  wire logic [WORD*ROWS-1:0]    vector,
    output logic                         vector_ready,
    output logic                         sums_valid,
    output logic      [32*COLUMNS-1:0]   sums,
    input  wire logic                    sums_ready,
    output logic      [10*32-1:0]        activity,
    output logic      [31:0]             register_bits
