package netmem.client;

/** What a watch has seen, whether or not its listener was told yet. Pure. */
public final class WatchView {
    private WatchView() {}

    /** The newest version of a page that the server has told of. */
    public static long seen(Watch watch, long page) {
        if (!(watch instanceof RemoteWatch remote)) {
            throw new IllegalArgumentException("watch: " + watch);
        }
        return remote.seen(new RemoteWatch.Run(page, 1)).getFirst().version();
    }
}
