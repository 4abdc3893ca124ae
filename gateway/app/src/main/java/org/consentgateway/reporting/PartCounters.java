package org.consentgateway.reporting;

import java.util.Locale;
import java.util.function.Supplier;
import org.consentgateway.metrics.Meter;
import org.consentgateway.metrics.Totals;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.counters.SipCounters;
import org.consentgateway.sip.counters.TrunkCounters;
import org.consentgateway.speech.SpeechTotals;

/** Thread-safe. Which meter shows what SIP and recognition count by themselves. */
public final class PartCounters {
    private final Supplier<SipCounters> sip;
    private final Supplier<SpeechTotals> speech;
    private final Totals totals;

    public PartCounters(Supplier<SipCounters> sip, Supplier<SpeechTotals> speech, Totals totals) {
        this.sip = sip;
        this.speech = speech;
        this.totals = totals;
    }

    /** To be called whenever the meters are looked at. */
    public void read() {
        SipCounters counters = sip.get();
        counters.rejected().forEach(this::rejected);
        counters.trunks().forEach(this::trunk);
        SpeechTotals notListened = speech.get();
        totals.show(Meter.SPEECH_REJECTED, notListened.overLimit(), "limit");
        totals.show(Meter.SPEECH_REJECTED, notListened.late(), "late");
        totals.show(Meter.SPEECH_REJECTED, notListened.crashed(), "crashed");
    }

    private void rejected(Rejection why, long count) {
        totals.show(why.isSilent() ? Meter.SIP_DROPPED : Meter.REJECTED, count, word(why));
    }

    private void trunk(TrunkCounters trunk) {
        String name = trunk.trunk();
        trunk.given()
                .forEach((status, n) ->
                        totals.show(Meter.TRUNK_ANSWERS, n, name, "received", status));
        trunk.got()
                .forEach((status, n) -> totals.show(Meter.TRUNK_ANSWERS, n, name, "sent", status));
        trunk.rejected().forEach((why, n) -> totals.show(Meter.TRUNK_REJECTED, n, name, word(why)));
    }

    private static String word(Rejection why) {
        return why.name().toLowerCase(Locale.ROOT);
    }
}
