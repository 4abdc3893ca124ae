package org.consentgateway.bench.parts;

import org.consentgateway.bench.testbed.TestBed;

/** Confined to the main thread. One kind of work, measured. */
public interface Part {
    /**
     * Adds its rows to the bed's report, each as often as the bed has runs; or prints, where there
     * is more than figures to say.
     */
    void measure(TestBed bed) throws Exception;
}
