/**
 * Who may ask over the API, by keys of ours or by what others issue, and what is left of it in the
 * log.
 */
@NullMarked
package org.consentgateway.api.access;

import org.jspecify.annotations.NullMarked;
