/** The state machine: one request in, one value out; time and ids are arguments. Reads of pages stand beside it. */
package netmem.server.engine;
