// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Ports that both sequencers of the controller have: the operation, the memories' addresses, the count of their own registers.
    input  wire logic                                clock,
    input  wire logic                                reset,
    input  wire logic                                start,
    input  wire logic [15:0]                         vectors,
    input  wire logic [15:0]                         term_tiles,
    input  wire logic [15:0]                         output_tiles,
    input  wire logic [ACTIVATION_ADDRESS_BITS-1:0]  activation_base,
    input  wire logic [WEIGHT_ADDRESS_BITS-1:0]      weight_base,
    output logic                                     issuing,
    output logic                                     read_activation,
    output logic      [ACTIVATION_ADDRESS_BITS-1:0]  activation_address,
    output logic                                     read_weight,
    output logic      [WEIGHT_ADDRESS_BITS-1:0]      weight_address,
    output logic      [15:0]                         vector_index,
    output logic      [15:0]                         written,
    output logic      [15:0]                         toggled
