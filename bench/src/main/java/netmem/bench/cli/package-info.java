/** The command line {@code netmem-bench}: starts servers, drives them, prints a table, writes results and a report. */
@NullMarked
package netmem.bench.cli;

import org.jspecify.annotations.NullMarked;
