package netmem.samples.bank;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class BranchTest {
    private final ByteBuffer page = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void transfer_enoughMoney_movesIt() {
        Branch.open(page);
        assertEquals(7, Branch.accounts(64));
        assertTrue(Branch.transfer(page, 0, 6, 300));
        assertEquals(700, Branch.balance(page, 0));
        assertEquals(1300, Branch.balance(page, 6));
        assertEquals(7000, Branch.total(page));
        assertEquals(1, Branch.transfers(page));
    }

    @Test
    void transfer_toTheSameAccount_changesNoBalance() {
        Branch.open(page);
        assertTrue(Branch.transfer(page, 3, 3, 1000));
        assertEquals(1000, Branch.balance(page, 3));
    }

    @Test
    void transfer_notEnoughMoney_changesNothing() {
        Branch.open(page);
        assertFalse(Branch.transfer(page, 0, 1, 1001));
        assertEquals(1000, Branch.balance(page, 0));
        assertEquals(0, Branch.transfers(page));
    }
}
