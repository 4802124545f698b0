/** HdrHistogram as an explicit module: the published jar has no descriptor, and jlink refuses such jars. */
module org.hdrhistogram {
    exports org.HdrHistogram;
}
