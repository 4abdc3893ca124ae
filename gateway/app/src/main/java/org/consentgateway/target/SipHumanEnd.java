package org.consentgateway.target;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.media.MediaLeg;

/** Thread-safe. A person, a queue or a voicemail that has answered our INVITE. */
final class SipHumanEnd extends HumanEnd implements FarLeg {
    private final SipConnection connection;

    SipHumanEnd(SipConnection connection) {
        this.connection = connection;
    }

    /** As {@link SipConnection#offer}. */
    void offer(Function<String, CompletableFuture<Boolean>> taker) {
        connection.offer(taker);
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
    public boolean heardFrom() {
        return leg().heardFrom();
    }

    @Override
    public void hangUp(Ending why) {
        connection.hangUp(why);
    }
}
