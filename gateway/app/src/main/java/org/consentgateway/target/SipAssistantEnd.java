package org.consentgateway.target;

import java.util.concurrent.CompletionStage;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.Notified;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.media.MediaLeg;

/** Thread-safe. An assistant that has answered our INVITE. */
final class SipAssistantEnd extends AssistantEnd implements FarLeg {
    private final SipConnection connection;

    SipAssistantEnd(SipConnection connection) {
        this.connection = connection;
    }

    @Override
    public MediaLeg leg() {
        return connection.leg();
    }

    @Override
    public CompletionStage<End> ended() {
        return connection.ended();
    }

    @Override
    public void referred(boolean reached) {
        connection.referred(reached);
    }

    @Override
    public CompletionStage<Notified> consentEnded(EndOfConsent end) {
        return connection.consentEnded(end);
    }

    @Override
    public void hangUp(Ending why) {
        connection.hangUp(why);
    }
}
