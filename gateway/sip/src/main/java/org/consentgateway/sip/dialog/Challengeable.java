package org.consentgateway.sip.dialog;

import org.consentgateway.sip.auth.Credentials;
import org.consentgateway.sip.auth.Digest;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;

import java.net.InetAddress;
import java.util.Optional;

import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * Immutable. A request in a dialog with somebody who may challenge it (RFC 3261 §22.2): then it
 * goes once more, with the password.
 */
final class Challengeable implements TransactionUser {
    private final Leg leg;
    private final Credentials credentials;
    private final Stack.Local at;
    private final Request request;
    private final TransactionUser told;
    private final boolean withPassword;

    /**
     * @param told what becomes of it in the end
     */
    Challengeable(
            Leg leg,
            Credentials credentials,
            Stack.Local at,
            Request request,
            TransactionUser told) {
        this(leg, credentials, at, request, told, false);
    }

    private Challengeable(
            Leg leg,
            Credentials credentials,
            Stack.Local at,
            Request request,
            TransactionUser told,
            boolean withPassword) {
        this.leg = leg;
        this.credentials = credentials;
        this.at = at;
        this.request = request;
        this.told = told;
        this.withPassword = withPassword;
    }

    @Override
    public void response(Response response, InetAddress source) {
        if (!Credentials.isChallenge(response) || !again(response)) {
            told.response(response, source);
        }
    }

    private boolean again(Response response) {
        Optional<Digest.Challenge> challenge = credentials.challenge(response);
        if (challenge.isEmpty() || (withPassword && !challenge.get().stale())) {
            return false;
        }
        leg.act(() -> {
            Dialog open = leg.dialog;
            if (open == null) {
                told.failed(false);
                return;
            }
            Request repeated = leg.writer.again(request, open.nextNumber());
            boolean byProxy = response.getStatusCode() == 407;
            credentials.answer(repeated, challenge.get(), byProxy);
            leg.outbox.send(
                    at, repeated, new Challengeable(leg, credentials, at, repeated, told, true));
        });
        return true;
    }

    @Override
    public void failed(boolean timeout) {
        told.failed(timeout);
    }
}
