/** What a server can be told: one record of settings, one of limits. */
package netmem.server.config;
