/** The options of the program: command line, environment and configuration file, all from one table. */
package netmem.server.options;
