/** The record before the deed: what was decided becomes durable here, and only then a grant. */
@NullMarked
package org.consentgateway.consent.journal;

import org.jspecify.annotations.NullMarked;
