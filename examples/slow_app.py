import os
import time

from flask import Flask

app = Flask(__name__)


@app.route('/slow')
def slow_route():
    time.sleep(2)  # Simulate work
    return "Done!"


if __name__ == '__main__':
    app.run(debug=True, port=int(os.environ.get('PORT', '5000')))
