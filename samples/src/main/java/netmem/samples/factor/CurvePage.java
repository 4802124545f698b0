package netmem.samples.factor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A page of the population: one curve and who had it last. Pure. Little-endian; a page of zeros has no curve yet.
 *
 * <pre>
 *    0  magic u32      "NMC1"
 *    4  stage u32      0 stage 1, 1 stage 2, 2 over
 *    8  sigma i64
 *   16  b1 i32
 *   20  b2 i32
 *   24  reached i32
 *   28  takeovers i32  how often another worker went on with this curve
 *   32  slices i64     pieces of work done on this curve
 *   40  worker         length u32, then up to 36 bytes of UTF-8
 *   80  n              {@link NumberField}
 *  212  x
 *  344  z
 *  476  product
 *  608  unused
 * 1024
 * </pre>
 *
 * @param curve the curve
 * @param worker the name of the worker that had the curve last
 * @param slices pieces of work done on this curve
 * @param takeovers how often a worker went on with the curve of another
 */
record CurvePage(Curve curve, String worker, long slices, int takeovers) {
    private static final int MAGIC = 'N' | 'M' << 8 | 'C' << 16 | '1' << 24;
    private static final int MAGIC_AT = 0;
    private static final int STAGE_AT = 4;
    private static final int SIGMA_AT = 8;
    private static final int B1_AT = 16;
    private static final int B2_AT = 20;
    private static final int REACHED_AT = 24;
    private static final int TAKEOVERS_AT = 28;
    private static final int SLICES_AT = 32;
    private static final int WORKER_AT = 40;
    private static final int N_AT = 80;
    private static final int X_AT = N_AT + NumberField.LENGTH;
    private static final int Z_AT = X_AT + NumberField.LENGTH;
    private static final int PRODUCT_AT = Z_AT + NumberField.LENGTH;
    static final int WORKER_BYTES_MAX = N_AT - WORKER_AT - Integer.BYTES;

    /** A stage's code is its place here. */
    private static final List<Curve.Stage> STAGES = List.of(Curve.Stage.ONE, Curve.Stage.TWO, Curve.Stage.OVER);

    CurvePage {
        int length = worker.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > WORKER_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "worker: " + worker + " (expected: 1 to " + WORKER_BYTES_MAX + " bytes of UTF-8)");
        }
        if (slices < 0 || takeovers < 0) {
            throw new IllegalArgumentException("slices: " + slices + ", takeovers: " + takeovers + " (expected: >= 0)");
        }
    }

    byte[] bytes() {
        ByteBuffer page = ByteBuffer.allocate(ProblemPage.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        byte[] name = worker.getBytes(StandardCharsets.UTF_8);
        page.putInt(MAGIC_AT, MAGIC)
                .putInt(STAGE_AT, STAGES.indexOf(curve.stage()))
                .putLong(SIGMA_AT, curve.sigma())
                .putInt(B1_AT, curve.bounds().b1())
                .putInt(B2_AT, curve.bounds().b2())
                .putInt(REACHED_AT, curve.reached())
                .putInt(TAKEOVERS_AT, takeovers)
                .putLong(SLICES_AT, slices)
                .putInt(WORKER_AT, name.length)
                .put(WORKER_AT + Integer.BYTES, name);
        NumberField.put(page, N_AT, curve.n());
        NumberField.put(page, X_AT, curve.point().x());
        NumberField.put(page, Z_AT, curve.point().z());
        NumberField.put(page, PRODUCT_AT, curve.product());
        return page.array();
    }

    /** The curve in the page's bytes, if there is one yet. */
    static Optional<CurvePage> of(long page, ByteBuffer bytes) {
        ByteBuffer fields = ProblemPage.fields(page, bytes);
        if (fields.getInt(MAGIC_AT) == 0) {
            return Optional.empty();
        }
        try {
            ProblemPage.requireMagic(fields.getInt(MAGIC_AT), MAGIC);
            return Optional.of(new CurvePage(
                    curve(fields), worker(fields), fields.getLong(SLICES_AT), fields.getInt(TAKEOVERS_AT)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + " page=" + page, e);
        }
    }

    private static Curve curve(ByteBuffer page) {
        return new Curve(
                NumberField.number(page, N_AT, "n"),
                page.getLong(SIGMA_AT),
                new Bounds(page.getInt(B1_AT), page.getInt(B2_AT)),
                stage(page.getInt(STAGE_AT)),
                page.getInt(REACHED_AT),
                new Point(NumberField.number(page, X_AT, "x"), NumberField.number(page, Z_AT, "z")),
                NumberField.number(page, PRODUCT_AT, "product"));
    }

    private static Curve.Stage stage(int code) {
        if (code < 0 || code >= STAGES.size()) {
            throw new IllegalArgumentException("stage: " + code + " (expected: 0 to " + (STAGES.size() - 1) + ")");
        }
        return STAGES.get(code);
    }

    private static String worker(ByteBuffer page) {
        int length = page.getInt(WORKER_AT);
        if (length < 1 || length > WORKER_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "worker length: " + length + " (expected: 1 to " + WORKER_BYTES_MAX + " bytes)");
        }
        byte[] name = new byte[length];
        page.get(WORKER_AT + Integer.BYTES, name);
        return new String(name, StandardCharsets.UTF_8);
    }
}
