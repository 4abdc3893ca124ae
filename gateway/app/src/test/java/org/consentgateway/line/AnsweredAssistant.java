package org.consentgateway.line;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.Notified;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.target.FarLeg;

/** An assistant that has answered and takes whatever comes. Immutable. */
final class AnsweredAssistant extends AssistantEnd implements FarLeg {
    private final MediaLeg leg;

    AnsweredAssistant(MediaLeg leg) {
        this.leg = leg;
    }

    @Override
    public MediaLeg leg() {
        return leg;
    }

    @Override
    public CompletionStage<FarLeg.End> ended() {
        return new CompletableFuture<>();
    }

    @Override
    public boolean over() {
        return ended().toCompletableFuture().isDone();
    }

    @Override
    public void referred(boolean reached) {}

    @Override
    public CompletionStage<Notified> consentEnded(EndOfConsent end) {
        return CompletableFuture.completedStage(new Notified(true, ""));
    }

    @Override
    public void hangUp(Ending why) {}
}
