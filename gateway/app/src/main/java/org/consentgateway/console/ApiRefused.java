package org.consentgateway.console;

import io.javalin.http.HttpStatus;

/** The API has said no; pages tell why. Immutable. */
public final class ApiRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Of the API, which tells it with a status that means other things as well. */
    private static final String UNDER_WAY = "urn:consentgateway:problem:under-way";

    private final int status;
    private final String type;
    private final String detail;

    public ApiRefused(int status, String detail) {
        this(status, "", detail);
    }

    /**
     * @param type as the API tells it (RFC 9457); empty where none is told
     */
    public ApiRefused(int status, String type, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.type = type;
        this.detail = detail;
    }

    /** For people, in English. */
    public String detail() {
        return detail;
    }

    public int status() {
        return status;
    }

    /**
     * Whether it may be done or not. A browser shows the answer to what was sent last: the one to
     * the same form before is lost, so this one has to bear the form again.
     */
    public boolean isUncertain() {
        return status == HttpStatus.SERVICE_UNAVAILABLE.getCode() || isUnderWay();
    }

    /** Whether the same form was sent before, and what becomes of that is not known yet. */
    private boolean isUnderWay() {
        return type.equals(UNDER_WAY);
    }
}
