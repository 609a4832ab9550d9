// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
`default_nettype none

// Controller of the digital baselines around a core that is given by name, `SZILARD_CORE, behind the stream interface of
// docs/rtl.md (weights, vectors, sums; each with valid and ready). The host writes weights, biases and activation words
// through the host port (one word a clock), describes one operation on the descriptor inputs and pulses `start`; the operation
// then runs by itself and pulses `done` when the last result is written. OUTPUT_STATIONARY is the order in which the core wants
// its beats. `SZILARD_IN_STEP is for cores that take every beat at once: row r of a tile's weights comes r clocks after its first
// vector, and the core says one clock ahead that sums come. FLOAT: 16-bit floating point words and 32-bit floating point sums.
`ifndef SZILARD_CORE
`define SZILARD_CORE systolic_os_int8
`endif
module stream_accelerator #(
    parameter int unsigned ROWS = 8,
    parameter int unsigned COLUMNS = 8,
    parameter int unsigned WEIGHT_DEPTH = 16384,
    parameter int unsigned ACTIVATION_DEPTH = 4096,
    parameter int unsigned ACCUMULATOR_DEPTH = 1024,
    parameter int unsigned BIAS_DEPTH = 512,
    parameter int unsigned RESULT_DEPTH = 1024,
    parameter int unsigned HOST_ADDRESS_BITS = 14,
    parameter bit OUTPUT_STATIONARY = 1'b1,
    parameter bit FLOAT = 1'b0,
    parameter bit COUNT_ACTIVITY = 1'b0,
    parameter bit FAULT_PORT = 1'b0
) (
    input  wire logic                      clock,
    input  wire logic                      reset,
    // host port: target 0 weights, 1 activations, 2 biases; a narrower word sits in the low bits
    input  wire logic                      host_write,
    input  wire logic [1:0]                host_target,
    input  wire logic [HOST_ADDRESS_BITS-1:0] host_write_address,
    input  wire logic [32*COLUMNS-1:0]     host_weight_bias_word,
    input  wire logic [(FLOAT ? 16 : 8)*ROWS-1:0] host_activation_word,
    input  wire logic                      host_read,
    input  wire logic [$clog2(RESULT_DEPTH)-1:0] host_read_address,
    output logic      [(FLOAT ? 16 : 8)*COLUMNS-1:0] host_read_word,
    // descriptor of an operation, taken with start while not busy
    input  wire logic                      start,
    input  wire logic [15:0]               vectors,
    input  wire logic [15:0]               term_tiles,
    input  wire logic [15:0]               output_tiles,
    input  wire logic [$clog2(WEIGHT_DEPTH)-1:0] weight_base,
    input  wire logic [$clog2(ACTIVATION_DEPTH)-1:0] activation_base,
    input  wire logic [$clog2(BIAS_DEPTH)-1:0] bias_base,
    input  wire logic                      from_bias,
    input  wire logic                      finish,
    input  wire logic                      relu,
    input  wire logic                      requantise,
    input  wire logic [14:0]               multiplier,
    input  wire logic [4:0]                shift,
    input  wire logic [15:0]               pool,
    output logic                           busy,
    output logic                           done,
    // result port: every vector of the last term tile before pooling, and the maximum of each pool group
    output logic                           result_valid,
    output logic      [32*COLUMNS-1:0]     result,
    output logic                           pooled_valid,
    output logic      [32*COLUMNS-1:0]     pooled,
    // which vector enters the array in this clock; what the array does otherwise
    output logic                           vector_entering,
    output logic      [15:0]               active_vector,
    output logic                           draining,
    // tests only, taken with start, without effect unless FAULT_PORT
    input  wire logic                      fault_enable,
    input  wire logic [31:0]               fault_result,
    input  wire logic [15:0]               fault_column,
    // running sums of activity, in the order of docs/rtl.md; zero unless COUNT_ACTIVITY
    output logic      [22*64-1:0]          activity,
    output logic      [31:0]               register_bits
);
`ifdef SZILARD_IN_STEP
  localparam bit IN_STEP = 1'b1;
`else
  localparam bit IN_STEP = 1'b0;
`endif
  localparam int unsigned WEIGHT_BITS = $clog2(WEIGHT_DEPTH);
  localparam int unsigned ACTIVATION_BITS = $clog2(ACTIVATION_DEPTH);
  localparam int unsigned BIAS_BITS = $clog2(BIAS_DEPTH);
  localparam int unsigned RESULT_BITS = $clog2(RESULT_DEPTH);
  localparam int unsigned DESCRIPTOR_BITS = 16 * 4 + WEIGHT_BITS + ACTIVATION_BITS + BIAS_BITS + 4 + 15 + 5;
  localparam int unsigned WORD = FLOAT ? 16 : 8;  // bits of a weight and of an activation
  localparam int unsigned CONTROL_BITS = 2 + RESULT_BITS;
  localparam int unsigned SEQUENCER_BITS = IN_STEP ? 1 + 48 + ACTIVATION_BITS + WEIGHT_BITS
                                                   : 2 + 7 * 16 + 2 * WEIGHT_BITS + ACTIVATION_BITS + 4 + 16;
  localparam int unsigned POST_BITS = 16 * 3 + BIAS_BITS + 16 + 32 + 2 * $clog2(ACCUMULATOR_DEPTH) + 12
                                      + COLUMNS * (32 + (FLOAT ? 32 : 48) + 32 + 32);
  localparam int unsigned BEAT_BITS = 3 + 16;                   // of a core in step
  localparam int unsigned BLOCK_BITS = 32 + 1 + 32 * COLUMNS;  // of any other
  logic [31:0] core_register_bits;
  assign register_bits = DESCRIPTOR_BITS + CONTROL_BITS + SEQUENCER_BITS + (IN_STEP ? BEAT_BITS : BLOCK_BITS) + POST_BITS
                         + core_register_bits;

  logic [15:0] vectors_q, term_tiles_q, output_tiles_q, pool_q;
  logic [WEIGHT_BITS-1:0] weight_base_q;
  logic [ACTIVATION_BITS-1:0] activation_base_q;
  logic [BIAS_BITS-1:0] bias_base_q;
  logic from_bias_q, finish_q, relu_q, requantise_q;
  logic [14:0] multiplier_q;
  logic [4:0] shift_q;
  logic busy_q, busy_d, take;

  logic issuing, read_activation, read_weight, vector_valid, vector_first, vector_last, vector_ready, weight_valid;
  logic weight_ready;
  logic [ACTIVATION_BITS-1:0] activation_address;
  logic [WEIGHT_BITS-1:0] weight_address;
  logic [15:0] vector_index;
  logic [WORD*ROWS-1:0] vector;
  logic [WORD*COLUMNS-1:0] weight_row, result_word;
  logic [32*COLUMNS-1:0] sums, bias;
  logic sums_valid_early, sums_valid, read_bias;
  logic [BIAS_BITS-1:0] bias_address;
  logic [RESULT_BITS-1:0] result_address_q, result_address_d;
  logic write_result;

  logic [15:0] sequencer_written, sequencer_toggled;
  logic [31:0] beat_written, beat_toggled;  // registers between sequencer, core and accumulation
  logic [10*32-1:0] core_activity;
  logic [31:0] post_written, post_toggled, post_additions, requantisations;
  logic [63:0] weight_reads, weight_writes, activation_reads, activation_writes, accumulator_reads, accumulator_writes;
  logic [63:0] bias_reads, bias_writes, result_reads, result_writes;

  assign take = start && !busy_q;
  assign busy_d = take || (busy_q && !done);
  assign busy = busy_q;
  assign vector_entering = vector_valid;
  assign active_vector = vector_index;
  assign draining = busy_q && !issuing && !vector_valid && !weight_valid;

  always_ff @(posedge clock) begin
    if (take) begin
      vectors_q <= vectors;
      term_tiles_q <= term_tiles;
      output_tiles_q <= output_tiles;
      pool_q <= pool;
      weight_base_q <= weight_base;
      activation_base_q <= activation_base;
      bias_base_q <= bias_base;
      from_bias_q <= from_bias;
      finish_q <= finish;
      relu_q <= relu;
      requantise_q <= requantise;
      multiplier_q <= multiplier;
      shift_q <= shift;
    end
  end

  logic fault_enable_q;
  logic [31:0] fault_result_q;
  logic [15:0] fault_column_q;
  generate
    if (FAULT_PORT) begin : g_fault
      always_ff @(posedge clock) begin
        if (take) begin
          fault_enable_q <= fault_enable;
          fault_result_q <= fault_result;
          fault_column_q <= fault_column;
        end
      end
    end else begin : g_no_fault
      wire logic unused_fault = &{1'b0, fault_enable, fault_result, fault_column};
      assign fault_enable_q = 1'b0;
      assign fault_result_q = '0;
      assign fault_column_q = '0;
    end
  endgenerate

  // The descriptor registers are read one clock after `take`: the sequencer starts with them.
  logic begin_q;
  always_ff @(posedge clock) begin
    if (reset) begin
      busy_q <= 1'b0;
      begin_q <= 1'b0;
    end else begin
      busy_q <= busy_d;
      begin_q <= take;
    end
    result_address_q <= result_address_d;
  end

  sram #(.WIDTH(WORD * COLUMNS), .DEPTH(WEIGHT_DEPTH), .COUNT_ACTIVITY(COUNT_ACTIVITY)) weight_sram (
      .clock, .reset, .read_enable(read_weight), .read_address(weight_address), .read_data(weight_row),
      .write_enable(host_write && host_target == 2'd0), .write_address(host_write_address[WEIGHT_BITS-1:0]),
      .write_data(host_weight_bias_word[WORD*COLUMNS-1:0]), .reads(weight_reads), .writes(weight_writes));

  sram #(.WIDTH(WORD * ROWS), .DEPTH(ACTIVATION_DEPTH), .COUNT_ACTIVITY(COUNT_ACTIVITY)) activation_sram (
      .clock, .reset, .read_enable(read_activation), .read_address(activation_address), .read_data(vector),
      .write_enable(host_write && host_target == 2'd1), .write_address(host_write_address[ACTIVATION_BITS-1:0]),
      .write_data(host_activation_word), .reads(activation_reads), .writes(activation_writes));

  sram #(.WIDTH(32 * COLUMNS), .DEPTH(BIAS_DEPTH), .COUNT_ACTIVITY(COUNT_ACTIVITY)) bias_sram (
      .clock, .reset, .read_enable(read_bias), .read_address(bias_address), .read_data(bias),
      .write_enable(host_write && host_target == 2'd2), .write_address(host_write_address[BIAS_BITS-1:0]),
      .write_data(host_weight_bias_word), .reads(bias_reads), .writes(bias_writes));

`ifdef SZILARD_IN_STEP
  logic tile_first, vector_valid_q, weight_valid_q, vector_first_q;
  logic [15:0] slot, vector_index_q;
  wire logic unused_ready = &{1'b0, vector_ready, weight_ready, OUTPUT_STATIONARY};
  assign vector_valid = vector_valid_q;
  assign weight_valid = weight_valid_q;
  assign vector_first = vector_first_q;
  assign vector_last = vector_index_q + 16'd1 == vectors_q;
  assign vector_index = vector_index_q;
  always_ff @(posedge clock) begin
    if (reset) begin
      vector_valid_q <= 1'b0;
      weight_valid_q <= 1'b0;
    end else begin
      vector_valid_q <= read_activation;
      weight_valid_q <= read_weight;
    end
    vector_first_q <= tile_first;
    vector_index_q <= read_activation ? slot : vector_index_q;
  end
  tile_sequencer #(.ROWS(ROWS), .ACTIVATION_ADDRESS_BITS(ACTIVATION_BITS), .WEIGHT_ADDRESS_BITS(WEIGHT_BITS),
                   .COUNT_ACTIVITY(COUNT_ACTIVITY)) sequencer (
      .clock, .reset, .start(begin_q), .vectors(vectors_q), .term_tiles(term_tiles_q), .output_tiles(output_tiles_q),
      .activation_base(activation_base_q), .weight_base(weight_base_q), .issuing, .read_activation,
      .activation_address, .read_weight, .weight_address, .tile_first, .vector_index(slot),
      .written(sequencer_written), .toggled(sequencer_toggled));
  `SZILARD_CORE #(.ROWS(ROWS), .COLUMNS(COLUMNS), .COUNT_ACTIVITY(COUNT_ACTIVITY)) core (
      .clock, .reset, .enable(busy_q), .weight_valid, .weight_row, .weight_ready, .vector_valid, .vector_first,
      .vector_last, .vector, .vector_ready, .sums_valid_early, .sums_valid, .sums, .sums_ready(1'b1),
      .activity(core_activity), .register_bits(core_register_bits));
  generate
    if (COUNT_ACTIVITY) begin : g_count_beats
      wire logic awake = take || busy_q;
      wire logic [BEAT_BITS-1:0] change = {vector_valid_q, weight_valid_q, vector_first_q, vector_index_q}
                                          ^ {read_activation, read_weight, tile_first, read_activation ? slot : vector_index_q};
      assign beat_written = awake ? BEAT_BITS : 32'd0;
      assign beat_toggled = {16'd0, 16'($countones(change & {BEAT_BITS{awake}}))};
    end else begin : g_no_beats
      assign {beat_written, beat_toggled} = '0;
    end
  endgenerate
`else
  logic core_valid, core_reset;
  logic [32*COLUMNS-1:0] core_sums, sums_q;
  // Rows of an incomplete block may still be on their way out of the core when the last sum has come: dropped at the next start.
  assign core_reset = reset || begin_q;
  stream_sequencer #(.ROWS(ROWS), .OUTPUT_STATIONARY(OUTPUT_STATIONARY), .ACTIVATION_ADDRESS_BITS(ACTIVATION_BITS),
                     .WEIGHT_ADDRESS_BITS(WEIGHT_BITS), .COUNT_ACTIVITY(COUNT_ACTIVITY)) sequencer (
      .clock, .reset, .start(begin_q), .vectors(vectors_q), .term_tiles(term_tiles_q), .output_tiles(output_tiles_q),
      .activation_base(activation_base_q), .weight_base(weight_base_q), .issuing, .read_activation, .activation_address,
      .vector_valid, .vector_first, .vector_last, .vector_index, .vector_ready, .read_weight, .weight_address,
      .weight_valid, .weight_ready, .written(sequencer_written), .toggled(sequencer_toggled));
  `SZILARD_CORE #(.ROWS(ROWS), .COLUMNS(COLUMNS), .COUNT_ACTIVITY(COUNT_ACTIVITY)) core (
      .clock, .reset(core_reset), .enable(busy_q), .weight_valid, .weight_row, .weight_ready, .vector_valid, .vector_first,
      .vector_last, .vector, .vector_ready, .sums_valid(core_valid), .sums(core_sums), .sums_ready(1'b1),
      .activity(core_activity), .register_bits(core_register_bits));

  // Accumulation never makes a core wait. A block that is not full sends rows for vectors that do not exist: dropped here.
  logic [15:0] block_left_q, block_left_d, block_row_q, block_row_d;
  logic in_block, core_sums_taken, sums_valid_q;
  assign core_sums_taken = core_valid && busy_q && !begin_q;
  assign in_block = !OUTPUT_STATIONARY || block_row_q < block_left_q;
  assign sums_valid_early = core_sums_taken && in_block;
  assign sums_valid = sums_valid_q;
  assign sums = sums_q;
  always_comb begin
    block_left_d = block_left_q;
    block_row_d = block_row_q;
    if (begin_q) begin
      block_left_d = vectors_q;
      block_row_d = '0;
    end else if (core_sums_taken && OUTPUT_STATIONARY) begin
      block_row_d = block_row_q + 16'd1;
      if (block_row_q + 16'd1 == 16'(ROWS)) begin
        block_row_d = '0;
        block_left_d = block_left_q <= 16'(ROWS) ? vectors_q : block_left_q - 16'(ROWS);
      end
    end
  end
  always_ff @(posedge clock) begin
    if (reset) sums_valid_q <= 1'b0;
    else sums_valid_q <= sums_valid_early;
    block_left_q <= block_left_d;
    block_row_q <= block_row_d;
    if (sums_valid_early) sums_q <= core_sums;
  end
  generate
    if (COUNT_ACTIVITY) begin : g_count_beats
      wire logic [BLOCK_BITS-1:0] change =
          {block_left_q, block_row_q, sums_valid_q, sums_q}
          ^ {block_left_d, block_row_d, sums_valid_early, sums_valid_early ? core_sums : sums_q};
      assign beat_written = (busy_q ? 32'd33 : 32'd0) + (sums_valid_early ? 32 * COLUMNS : 32'd0);
      assign beat_toggled = {16'd0, 16'($countones(change))};
    end else begin : g_no_beats
      assign {beat_written, beat_toggled} = '0;
    end
  endgenerate
`endif

  accumulator_unit #(.COLUMNS(COLUMNS), .ACCUMULATOR_DEPTH(ACCUMULATOR_DEPTH), .BIAS_ADDRESS_BITS(BIAS_BITS),
                     .FLOAT(FLOAT), .COUNT_ACTIVITY(COUNT_ACTIVITY)) accumulators (
      .clock, .reset, .start(begin_q), .busy(busy_q), .vectors(vectors_q), .term_tiles(OUTPUT_STATIONARY ? 16'd1 : term_tiles_q),
      .output_tiles(output_tiles_q), .bias_base(bias_base_q), .from_bias(from_bias_q), .finish(finish_q),
      .relu(relu_q), .requantise(requantise_q), .multiplier(multiplier_q), .shift(shift_q), .pool(pool_q),
      .fault_enable(fault_enable_q), .fault_result(fault_result_q), .fault_column(fault_column_q), .sums_valid_early, .sums_valid, .sums, .read_bias, .bias_address,
      .bias, .result_valid, .result, .pooled_valid, .pooled, .done, .written(post_written), .toggled(post_toggled),
      .additions(post_additions), .requantisations, .reads(accumulator_reads), .writes(accumulator_writes));

  always_comb begin
    // of floating point numbers the upper half
    for (int unsigned c = 0; c < COLUMNS; c++) result_word[WORD*c+:WORD] = pooled[32*c+(FLOAT ? 16 : 0)+:WORD];
  end
  // accumulators are delivered at the port; only codes fit the result memory
  assign write_result = pooled_valid && requantise_q;
  assign result_address_d = begin_q ? '0 : write_result ? result_address_q + 1'b1 : result_address_q;

  sram #(.WIDTH(WORD * COLUMNS), .DEPTH(RESULT_DEPTH), .COUNT_ACTIVITY(COUNT_ACTIVITY)) result_sram (
      .clock, .reset, .read_enable(host_read), .read_address(host_read_address),
      .read_data(host_read_word), .write_enable(write_result), .write_address(result_address_q),
      .write_data(result_word), .reads(result_reads), .writes(result_writes));

  generate
    if (COUNT_ACTIVITY) begin : g_count
      logic [63:0] cycles_q, weight_written_q, weight_toggled_q, activation_written_q, activation_toggled_q;
      logic [63:0] partial_sum_written_q, partial_sum_toggled_q, pipeline_written_q, pipeline_toggled_q;
      logic [63:0] multiplications_q, additions_q, requantisations_q;
      wire logic [DESCRIPTOR_BITS-1:0] descriptor_change =
          {vectors_q, term_tiles_q, output_tiles_q, pool_q, weight_base_q, activation_base_q, bias_base_q, from_bias_q,
           finish_q, relu_q, requantise_q, multiplier_q, shift_q}
          ^ {vectors, term_tiles, output_tiles, pool, weight_base,
             activation_base, bias_base, from_bias, finish, relu, requantise,
             multiplier, shift};
      wire logic [CONTROL_BITS-1:0] control_change = {busy_q, begin_q, result_address_q} ^ {busy_d, take, result_address_d};
      wire logic awake = take || busy_q;
      wire logic [15:0] descriptor_toggles = 16'($countones(descriptor_change & {DESCRIPTOR_BITS{take}}));
      wire logic [15:0] control_toggles = 16'($countones(control_change & {CONTROL_BITS{awake}}));
      wire logic [31:0] pipeline_written = core_activity[6*32+:32] + post_written + 32'(sequencer_written) + beat_written;
      wire logic [31:0] pipeline_toggled = core_activity[7*32+:32] + post_toggled + 32'(sequencer_toggled) + beat_toggled;
      // What depends on inputs is summed apart: simulators evaluate it once more whenever an input changes.
      wire logic [31:0] control_written = (take ? DESCRIPTOR_BITS : 32'd0) + (awake ? CONTROL_BITS : 32'd0);
      wire logic [31:0] control_toggled = 32'(descriptor_toggles) + 32'(control_toggles);
      logic [63:0] control_written_q, control_toggled_q;
      wire logic [31:0] additions = core_activity[9*32+:32] + post_additions;
      always_ff @(posedge clock) begin
        if (reset) begin
          cycles_q <= '0;
          weight_written_q <= '0;
          weight_toggled_q <= '0;
          activation_written_q <= '0;
          activation_toggled_q <= '0;
          partial_sum_written_q <= '0;
          partial_sum_toggled_q <= '0;
          pipeline_written_q <= '0;
          pipeline_toggled_q <= '0;
          control_written_q <= '0;
          control_toggled_q <= '0;
          multiplications_q <= '0;
          additions_q <= '0;
          requantisations_q <= '0;
        end else begin
          cycles_q <= cycles_q + 64'd1;
          weight_written_q <= weight_written_q + 64'(core_activity[0*32+:32]);
          weight_toggled_q <= weight_toggled_q + 64'(core_activity[1*32+:32]);
          activation_written_q <= activation_written_q + 64'(core_activity[2*32+:32]);
          activation_toggled_q <= activation_toggled_q + 64'(core_activity[3*32+:32]);
          partial_sum_written_q <= partial_sum_written_q + 64'(core_activity[4*32+:32]);
          partial_sum_toggled_q <= partial_sum_toggled_q + 64'(core_activity[5*32+:32]);
          pipeline_written_q <= pipeline_written_q + 64'(pipeline_written);
          pipeline_toggled_q <= pipeline_toggled_q + 64'(pipeline_toggled);
          control_written_q <= control_written_q + 64'(control_written);
          control_toggled_q <= control_toggled_q + 64'(control_toggled);
          multiplications_q <= multiplications_q + 64'(core_activity[8*32+:32]);
          additions_q <= additions_q + 64'(additions);
          requantisations_q <= requantisations_q + 64'(requantisations);
        end
      end
      assign activity = {result_writes, result_reads, bias_writes, bias_reads, accumulator_writes, accumulator_reads,
                         activation_writes, activation_reads, weight_writes, weight_reads, requantisations_q,
                         additions_q, multiplications_q, pipeline_toggled_q + control_toggled_q,
                         pipeline_written_q + control_written_q, partial_sum_toggled_q,
                         partial_sum_written_q, activation_toggled_q, activation_written_q, weight_toggled_q,
                         weight_written_q, cycles_q};
    end else begin : g_no_count
      wire logic unused_counts = &{1'b0, sequencer_written, sequencer_toggled, core_activity, beat_written, beat_toggled,
                                   post_written, post_toggled, post_additions, requantisations, weight_reads,
                                   weight_writes, activation_reads, activation_writes, accumulator_reads,
                                   accumulator_writes, bias_reads, bias_writes, result_reads, result_writes};
      assign activity = '0;
    end
  endgenerate
endmodule

`default_nettype wire
