package org.consentgateway.socket;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.Notified;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.BridgeableLeg;
import org.consentgateway.target.FarLeg;

/** Thread-safe. An assistant that has answered on its socket. */
final class SocketAssistantEnd extends AssistantEnd implements FarLeg {
    private final SocketCall call;

    SocketAssistantEnd(SocketCall call) {
        this.call = call;
    }

    @Override
    public BridgeableLeg leg() {
        return call.leg();
    }

    @Override
    public CompletionStage<End> ended() {
        return call.ended();
    }

    @Override
    public void asking(Runnable told) {
        call.requests().asking(told);
    }

    @Override
    public Optional<Purpose> takeRequest() {
        return call.requests().take();
    }

    @Override
    public void told(PurposeNews news) {
        call.told(news);
    }

    @Override
    public boolean over() {
        return ended().toCompletableFuture().isDone();
    }

    /** It has been told nothing but the end of its stream, when it handed over. */
    @Override
    public void referred(boolean reached) {
        hangUp(Ending.NORMAL);
    }

    @Override
    public CompletionStage<Notified> consentEnded(EndOfConsent end) {
        return call.consentEnded(end);
    }

    @Override
    public void hangUp(Ending why) {
        call.hangUp(why);
    }
}
