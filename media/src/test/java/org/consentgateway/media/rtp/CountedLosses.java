package org.consentgateway.media.rtp;

/** What a jitter buffer under test did not give out. */
public final class CountedLosses implements JitterBuffer.Losses {
    final Tally late = new Tally();
    final Tally duplicates = new Tally();
    final Tally skipped = new Tally();

    @Override
    public void late() {
        late.one();
    }

    @Override
    public void duplicate() {
        duplicates.one();
    }

    @Override
    public void skipped() {
        skipped.one();
    }
}
