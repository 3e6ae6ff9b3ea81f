// The lab: the classic call of a page with itself, with both pictures, elapsed times and the trace.

import { Phone, PhoneOff, Play } from 'lucide';
import { useEffect, useState } from 'preact/hooks';
import { useTitle } from '../app/title.js';
import { errorText } from '../i18n/messages/errors.js';
import { lab as t } from '../i18n/messages/lab.js';
import { Button } from '../ui/button.js';
import { Page } from '../ui/page.js';
import { createLabCall, type LabCall } from './lab-call.js';
import { LabPicture } from './lab-picture.js';
import { MILESTONES, milestoneTimes } from './milestones.js';
import { TraceTable } from './trace-table.js';
import './lab.css';

export function Lab() {
  const [visit, setVisit] = useState(0);
  useEffect(() => {
    // The back/forward cache gives back a page whose call was closed as it went (HTML, `pageshow`): begin anew.
    const begin = (event: PageTransitionEvent) => event.persisted && setVisit((before) => before + 1);
    addEventListener('pageshow', begin);
    return () => removeEventListener('pageshow', begin);
  }, []);
  return <Visit key={visit} />;
}

function Visit() {
  useTitle(t('title'));
  const [call] = useState(createLabCall);
  useEffect(() => {
    const close = () => call.close();
    addEventListener('pagehide', close);
    return () => {
      removeEventListener('pagehide', close);
      close();
    };
  }, [call]);
  const calledAt = call.calledAt.value;
  const events = call.events.value;
  return (
    <Page>
      <div class="lab">
        <h1>{t('title')}</h1>
        <p class="lab-lead">{t('lead')}</p>
        <Pictures call={call} />
        <Controls call={call} />
        {calledAt !== null && <Times call={call} calledAt={calledAt} />}
        <section aria-labelledby="trace-title">
          <h2 id="trace-title">
            {t('traceTitle')}
            {events.length > 0 && <span class="lab-count">{t('traceCount', { count: events.length })}</span>}
          </h2>
          <TraceTable events={events} since={calledAt ?? 0} />
        </section>
      </div>
    </Page>
  );
}

function Pictures({ call }: { readonly call: LabCall }) {
  const { camera } = call.mediaState.value;
  const stage = call.stage.value;
  const localWords = camera.error === null ? t('localEmpty') : errorText(camera.error);
  const local = camera.track === null ? [] : [camera.track];
  const inCall = stage === 'calling' || stage === 'connected';
  return (
    <div class="lab-pictures">
      <LabPicture
        label={t('localPicture')}
        tracks={local}
        words={camera.track === null ? localWords : null}
        hint={camera.error === null ? null : t('localFailedHint')}
        mirrored
      />
      <LabPicture
        label={t('remotePicture')}
        tracks={call.remoteTracks.value}
        words={call.frameAt.value === null ? (inCall ? t('remoteWaiting') : t('remoteEmpty')) : null}
        hint={null}
        onFirstFrame={call.firstFrame}
      />
    </div>
  );
}

function Controls({ call }: { readonly call: LabCall }) {
  const stage = call.stage.value;
  const inCall = stage === 'calling' || stage === 'connected' || stage === 'failed';
  return (
    <div class="lab-controls">
      <Button
        rank={stage === 'idle' ? 'main' : 'outline'}
        icon={Play}
        disabled={stage !== 'idle'}
        onClick={() => void call.start()}
      >
        {t('start')}
      </Button>
      <Button
        rank={stage === 'ready' ? 'main' : 'outline'}
        icon={Phone}
        disabled={stage !== 'ready'}
        onClick={() => call.call()}
      >
        {t('call')}
      </Button>
      <Button rank="outline" icon={PhoneOff} disabled={!inCall} onClick={() => call.hangUp()}>
        {t('hangUp')}
      </Button>
      <p class="lab-status" role="status">
        {statusOf(call)}
      </p>
    </div>
  );
}

function statusOf(call: LabCall): string {
  switch (call.stage.value) {
    case 'calling':
      return t('remoteWaiting');
    case 'connected':
      return t('connected');
    case 'failed':
      return t('failed');
    case 'ready':
      return call.calledAt.value === null ? '' : t('hungUp');
    case 'idle':
    case 'starting':
      return '';
  }
}

function Times({ call, calledAt }: { readonly call: LabCall; readonly calledAt: number }) {
  const times = milestoneTimes(call.events.value, calledAt, call.frameAt.value);
  return (
    <section aria-labelledby="times-title">
      <h2 id="times-title">{t('times')}</h2>
      <dl class="lab-times">
        {MILESTONES.map((milestone) => {
          const time = times[milestone];
          return (
            <div key={milestone} data-reached={time !== null}>
              <dt>{t(`milestone${milestone}`)}</dt>
              <dd>{time === null ? '–' : t('milliseconds', { ms: Math.round(time) })}</dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
