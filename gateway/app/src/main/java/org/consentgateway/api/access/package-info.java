/** Who may ask over the API, by keys of ours, and what is left of it in the log. */
@NullMarked
package org.consentgateway.api.access;

import org.jspecify.annotations.NullMarked;
