// The endings make the files readable for Node as they are, without a bundler.
export default {
    input: '../../openapi.json',
    output: { path: '../generated/typescript', module: { extension: '.ts' } },
    plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
};
