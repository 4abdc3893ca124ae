package org.consentgateway.web;

/** Immutable. There is no assistant and no call. */
public record NoCalls() implements CallControl {
    @Override
    public boolean knows(String account, String token) {
        return false;
    }

    @Override
    public Answer hangUp(String account, String call) {
        return Answer.NO_SUCH_CALL;
    }

    @Override
    public Answer handOver(String account, String call, String to) {
        return Answer.NO_SUCH_CALL;
    }
}
