package netmem.server.lock;

/**
 * A grant of a page. Pure value.
 *
 * @param owner who holds it
 * @param page index
 * @param mode how
 * @param token its fence token
 * @param sinceNanos when it was granted, on the engine's clock
 */
public record Holder(Owner owner, long page, Claim.Mode mode, long token, long sinceNanos) {}
