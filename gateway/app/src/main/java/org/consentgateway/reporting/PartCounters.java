package org.consentgateway.reporting;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.consentgateway.media.MediaTotals;
import org.consentgateway.metrics.Meter;
import org.consentgateway.metrics.Totals;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.counters.SipCounters;
import org.consentgateway.sip.counters.TrunkCounters;
import org.consentgateway.socket.SocketTotals;
import org.consentgateway.speech.SpeechTotals;

/** Thread-safe. Which meter shows what SIP, media and recognition count by themselves. */
public final class PartCounters {
    private static final int OK = 200;

    private final Supplier<SipCounters> sip;
    private final Supplier<MediaTotals> media;
    private final Supplier<SpeechTotals> speech;
    private final Supplier<List<SocketTotals.Count>> sockets;
    private final Supplier<List<String>> trunks;
    private final Totals totals;

    /**
     * @param trunks names of those there are, whether or not they have had calls
     */
    public PartCounters(
            Supplier<SipCounters> sip,
            Supplier<MediaTotals> media,
            Supplier<SpeechTotals> speech,
            Supplier<List<SocketTotals.Count>> sockets,
            Supplier<List<String>> trunks,
            Totals totals) {
        this.sip = sip;
        this.media = media;
        this.speech = speech;
        this.sockets = sockets;
        this.trunks = trunks;
        this.totals = totals;
    }

    /** To be called whenever the meters are looked at. */
    public void read() {
        SipCounters counters = sip.get();
        counters.rejected().forEach(this::rejected);
        trunks.get().forEach(this::fromZero);
        counters.trunks().forEach(this::trunk);
        counters.captured()
                .forEach((what, count) -> totals.show(Meter.SIP_CAPTURED, count, word(what)));
        media.get()
                .dropped()
                .forEach((why, count) -> totals.show(Meter.MEDIA_DROPPED, count, word(why)));
        SpeechTotals notListened = speech.get();
        totals.show(Meter.SPEECH_REJECTED, notListened.overLimit(), "limit");
        totals.show(Meter.SPEECH_REJECTED, notListened.talksOverLimit(), "talk_limit");
        totals.show(Meter.SPEECH_REJECTED, notListened.late(), "late");
        totals.show(Meter.SPEECH_REJECTED, notListened.crashed(), "crashed");
        sockets.get().forEach(this::assistant);
    }

    private void assistant(SocketTotals.Count count) {
        String name = count.assistant();
        totals.show(Meter.ASSISTANT_ANSWERED, count.answered(), name);
        count.failures()
                .forEach((why, n) -> totals.show(Meter.ASSISTANT_FAILURES, n, name, word(why)));
        totals.show(Meter.ASSISTANT_FRAMES_LOST, count.framesLost(), name);
        totals.show(Meter.ASSISTANT_IGNORED, count.ignored(), name);
    }

    private void rejected(Rejection why, long count) {
        totals.show(why.isSilent() ? Meter.SIP_DROPPED : Meter.REJECTED, count, word(why));
    }

    private void fromZero(String trunk) {
        totals.showFromZero(Meter.TRUNK_ANSWERS, trunk, "received", OK);
        totals.showFromZero(Meter.TRUNK_ANSWERS, trunk, "sent", OK);
        for (Rejection why : Rejection.values()) {
            if (!why.isSilent()) {
                totals.showFromZero(Meter.TRUNK_REJECTED, trunk, word(why));
            }
        }
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

    private static String word(Enum<?> why) {
        return why.name().toLowerCase(Locale.ROOT);
    }
}
