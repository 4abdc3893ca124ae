/** Notice files: loaded, checked, bound to their audio. */
@NullMarked
package org.consentgateway.notice;

import org.jspecify.annotations.NullMarked;
