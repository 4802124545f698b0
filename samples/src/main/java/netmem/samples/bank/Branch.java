package netmem.samples.bank;

import java.nio.ByteBuffer;

/**
 * A branch of the bank, in one page of 64-bit words, little-endian. Pure functions of the page's bytes.
 *
 * <pre>
 *  word 0        transfers done
 *  words 1 ...   the balance of account 0, 1, ...
 * </pre>
 *
 * Debit and credit lie in the same page, so they become visible at the same instant or, when the client dies before, not at
 * all. A transfer between two branches would need a transaction over two pages.
 */
final class Branch {
    static final long OPENING_BALANCE = 1000;

    private Branch() {}

    static int accounts(int pageLengthBytes) {
        return pageLengthBytes / Long.BYTES - 1;
    }

    static void open(ByteBuffer page) {
        page.putLong(0, 0);
        for (int account = 0; account < accounts(page.capacity()); account++) {
            page.putLong(offset(account), OPENING_BALANCE);
        }
    }

    /** Moves money if there is enough of it. */
    static boolean transfer(ByteBuffer page, int from, int to, long amount) {
        if (page.getLong(offset(from)) < amount) {
            return false;
        }
        page.putLong(offset(from), page.getLong(offset(from)) - amount);
        page.putLong(offset(to), page.getLong(offset(to)) + amount);
        page.putLong(0, transfers(page) + 1);
        return true;
    }

    static long transfers(ByteBuffer page) {
        return page.getLong(0);
    }

    static long balance(ByteBuffer page, int account) {
        return page.getLong(offset(account));
    }

    /** All money of the branch; a transfer does not change it. */
    static long total(ByteBuffer page) {
        long total = 0;
        for (int account = 0; account < accounts(page.capacity()); account++) {
            total += balance(page, account);
        }
        return total;
    }

    private static int offset(int account) {
        return (account + 1) * Long.BYTES;
    }
}
