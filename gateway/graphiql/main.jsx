// The GraphiQL page: reads its endpoint and first tabs from the page's data attributes, and nothing from elsewhere.
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';

const root = document.getElementById('graphiql');
const { endpoint, needsKey, tabs } = root.dataset;
const url = new URL(endpoint, location.href);
const subscriptionUrl = new URL(url);
subscriptionUrl.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
const KEPT = 'interneg:api-key';

// The build replaces WORKERS by the hashed file names beside this module.
globalThis.MonacoEnvironment = {
  getWorker(_, label) {
    return new Worker(new URL(WORKERS[label] ?? WORKERS.editor, import.meta.url), { type: 'module' });
  },
};

function authorization(key) {
  return key ? { Authorization: `Bearer ${key}` } : {};
}

async function isKnown(key) {
  const response = await fetch(`${url}?query={__typename}`, { headers: authorization(key) });
  return response.status !== 401;
}

// A browser sends no header with a WebSocket, so the key goes into connection_init too.
function Editor({ headers }) {
  const [fetcher] = useState(() =>
    createGraphiQLFetcher({
      url: url.href,
      subscriptionUrl: subscriptionUrl.href,
      headers,
      wsConnectionParams: headers,
    }),
  );
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={[HISTORY_PLUGIN, explorerPlugin()]}
      defaultTabs={JSON.parse(tabs)}
      defaultQuery=""
      defaultEditorToolsVisibility="variables"
    />
  );
}

// The key is kept for this browser tab alone, and forgotten when it is closed.
function KeyForm({ onKey }) {
  const [refused, setRefused] = useState(false);
  async function submit(event) {
    event.preventDefault();
    const key = new FormData(event.target).get('key').trim();
    if (await isKnown(key)) {
      sessionStorage.setItem(KEPT, key);
      onKey(key);
    } else {
      setRefused(true);
    }
  }
  return (
    <form onSubmit={submit} style={{ font: '16px/1.5 sans-serif', margin: '20vh auto', width: '24em' }}>
      <label htmlFor="key">This server wants an API key.</label>
      <p>
        <input id="key" name="key" type="password" autoComplete="off" autoFocus required />{' '}
        <button>Open GraphiQL</button>
      </p>
      {refused && <p role="alert">The server does not know this key.</p>}
    </form>
  );
}

function Page({ kept }) {
  const [key, setKey] = useState(kept);
  return needsKey === 'true' && !key ? <KeyForm onKey={setKey} /> : <Editor headers={authorization(key)} />;
}

const kept = sessionStorage.getItem(KEPT) ?? '';
createRoot(root).render(<Page kept={kept && (await isKnown(kept)) ? kept : ''} />);
